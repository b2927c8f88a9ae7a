import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../../../src/contract/client.ts';
import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { bounds, maxWaits } from './endpoint-defaults.ts';
import { blankEndpoint, toValues, type EndpointValues, type FieldName } from './endpoint-values.ts';
import { fieldOfProblem } from './field-of-problem.ts';
import { findFaults, type Fault, type Faults } from './find-faults.ts';
import { FormContext, type FormState } from './form-state.ts';
import { ContentGroup, FailureGroup, PaceGroup, PlaceGroup } from './setting-groups.tsx';

export interface EndpointFormProps {
  /** The endpoint that is changed; without it a new one is made. */
  readonly endpoint?: Endpoint;
  readonly isRunning: boolean;
  /** Why the server refused. */
  readonly error: Error | null;
  readonly onSubmit: (values: EndpointValues) => void;
  readonly onCancel: () => void;
}

/** Every setting of an endpoint. What is wrong is told beside its field, and the first such field gets the focus. */
export function EndpointForm({ endpoint, isRunning, error, onSubmit, onCancel }: EndpointFormProps) {
  const { t } = useTranslation('endpoints');
  const { t: tCommon } = useTranslation();
  const [values, setValues] = useState(() => (endpoint ? toValues(endpoint) : blankEndpoint));
  const [faults, setFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  const writeFault = useFaultText();
  const refusedField = error ? fieldOfProblem(error) : undefined;

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-error=true] input')?.focus();
  }, [faults, refusedField]);

  const state: FormState = {
    values,
    isChange: endpoint !== undefined,
    set: (name, value) => {
      setValues((before) => ({ ...before, [name]: value }));
      setFaults(({ [name]: _, ...others }) => others);
    },
    errorOf: (name) => {
      const fault = faults[name];
      if (fault) return writeFault(name, fault);
      return error && name === refusedField ? writeRefusal(error) : undefined;
    },
  };
  const writeRefusal = (refusal: Error): string =>
    refusal instanceof ApiProblem && refusal.code === 'endpoint-forbidden'
      ? t('fault.forbidden')
      : refusal.message;

  const submit = (): void => {
    const found = findFaults(values, Date.now(), endpoint);
    setFaults(found);
    if (Object.keys(found).length === 0) onSubmit(values);
  };
  return (
    <FormContext value={state}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="lg" maw={760}>
          {error && refusedField === undefined && <ProblemAlert error={error} />}
          <PlaceGroup />
          <ContentGroup />
          <PaceGroup />
          <FailureGroup />
          <Group gap="xs">
            <Button type="submit" loading={isRunning}>
              {endpoint ? t('form.save') : t('form.create')}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {tCommon('cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormContext>
  );
}

function useFaultText(): (name: FieldName, fault: Fault) => string {
  const { t } = useTranslation('endpoints');
  return (name, fault) => {
    if (fault !== 'outOfBounds') return t(`fault.${fault}`);
    if (name === 'retrySchedule') return t('fault.longSchedule', { count: maxWaits });
    const { min, max }: { min: number; max?: number } = bounds[name as keyof typeof bounds];
    return max === undefined ? t('fault.tooLittle', { min }) : t('fault.outOfBounds', { min, max });
  };
}
