import { LogoIcon } from './LogoIcon';

/** The sign and the name beside it. */
export const LogoFull = () => (
  <span
    style={{
      display: 'flex',
      alignItems: 'center',
      gap: 10,
      color: '#ffffff',
      fontSize: 20,
      fontWeight: 700,
    }}
  >
    <LogoIcon />
    Agentyard
  </span>
);
