import { AppError } from '../domain/errors.js';
import type { FastifySchemaValidationError } from 'fastify';

/** The first thing that validation found wrong, as a sentence that names the parameter and what was expected. */
export function toParameterError(found: readonly FastifySchemaValidationError[]): AppError {
  const [first] = found;
  if (!first) return new AppError('parameter-invalid', 'A parameter has a value that cannot be used.');
  const { keyword, params } = first;
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    return new AppError('parameter-unknown', `There is no parameter \`${name}\` here.`);
  }
  if (keyword === 'required') {
    return new AppError('parameter-invalid', `\`${String(params.missingProperty)}\` is missing.`);
  }
  const name = first.instancePath.split('/')[1] ?? '';
  return new AppError('parameter-invalid', `\`${name}\` ${toExpectation(keyword, params, first.message)}.`);
}

function toExpectation(
  keyword: string,
  params: FastifySchemaValidationError['params'],
  message = 'cannot be used',
): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'type':
      return params.type === 'string' ? 'must be given once' : `must be one ${toNoun(String(params.type))}`;
    case 'minimum':
      return `must be ${String(params.limit)} or more`;
    case 'maximum':
      return `must be ${String(params.limit)} or less`;
    default:
      return message;
  }
}

function toNoun(type: string): string {
  return type === 'integer' ? 'whole number' : type;
}
