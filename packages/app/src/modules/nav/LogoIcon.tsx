/** A yard with three lanes, one of them open. */
export const LogoIcon = () => (
  <svg
    width="28"
    height="28"
    viewBox="0 0 28 28"
    style={{ flex: 'none' }}
    aria-hidden
  >
    <rect x="2" y="4" width="6" height="20" rx="3" fill="#7df3e1" />
    <rect x="11" y="4" width="6" height="20" rx="3" fill="#7df3e1" />
    <rect x="20" y="4" width="6" height="8" rx="3" fill="#7df3e1" />
    <circle cx="23" cy="20" r="3.5" fill="#ffffff" />
  </svg>
);
