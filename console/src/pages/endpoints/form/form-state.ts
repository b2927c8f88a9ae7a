import { createContext, use } from 'react';
import type { EndpointValues, FieldName } from './endpoint-values.ts';

export interface FormState {
  readonly values: EndpointValues;
  readonly set: <Name extends FieldName>(name: Name, value: EndpointValues[Name]) => void;
  /** What is wrong with a field, in the reader's language; undefined where nothing is known to be. */
  readonly errorOf: (name: FieldName) => string | undefined;
  /** Whether the endpoint is there already: its start is past, its secrets are kept. */
  readonly isChange: boolean;
}

export const FormContext = createContext<FormState | undefined>(undefined);

export function useForm(): FormState {
  const state = use(FormContext);
  if (!state) throw new Error('FormContext is missing.');
  return state;
}
