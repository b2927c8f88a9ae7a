import { Type, type TProperties } from 'typebox';

/** How many items a list answers with when it is not told, and at most. */
export const defaultLimit = 50;
const maxLimit = 500;

export const LimitParameter = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: maxLimit,
    default: defaultLimit,
    description: 'Items on a page at most; fewer where they are large, since a page has about 2 MiB.',
  }),
);

/** The two parameters that every list takes beside its filters. */
export const pageParameters = {
  limit: LimitParameter,
  cursor: Type.Optional(
    Type.String({ description: '`nextCursor` of the page before, as it came; the first page without it.' }),
  ),
};

/** Query parameters of an address: an unknown one is refused, because a misspelt filter would list everything. */
export function parametersOf<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

export const NextCursor = Type.Optional(
  Type.String({ description: 'Pass it as `cursor` for the next page; absent at the end.' }),
);
