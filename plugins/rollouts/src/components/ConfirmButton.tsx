import type { BasicPermission } from '@backstage/plugin-permission-common';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
  Flex,
  Text,
} from '@backstage/ui';
import { useState } from 'react';
import { useTexts } from './useRollouts';

/** A button that moves a cluster: it asks first, says why it may not be used, and what went wrong. */
export function ConfirmButton(props: {
  permission: BasicPermission;
  label: string;
  title: string;
  text: string;
  denied: string;
  failed: string;
  onConfirm: () => Promise<void>;
}) {
  const t = useTexts();
  const { permission, label, title, text, denied, failed, onConfirm } = props;
  const { loading, allowed } = usePermission({ permission });
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      setOpen(false);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    } finally {
      setBusy(false);
    }
  };

  if (loading) return null;
  if (!allowed) return <Text color="secondary">{denied}</Text>;
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button variant="primary">{label}</Button>
      <Dialog>
        <DialogHeader>{title}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            <Text as="p" style={{ overflowWrap: 'anywhere' }}>
              {text}
            </Text>
            {error && (
              <Alert status="danger" icon title={failed} description={error} />
            )}
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" slot="close">
            {t('run.cancel')}
          </Button>
          <Button variant="primary" isDisabled={busy} onPress={confirm}>
            {label}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
