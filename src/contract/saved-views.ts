import { Type, type Static } from 'typebox';

export const SavedView = Type.Object(
  {
    id: Type.String(),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    isShared: Type.Boolean({ description: 'Everybody sees it; its owner changes it.' }),
    isMine: Type.Boolean(),
    ownerName: Type.String(),
    query: Type.String({
      maxLength: 4_000,
      description: "The query of the calls page's address, without `?`.",
    }),
  },
  { title: 'SavedView', description: 'Filters and columns under a name.' },
);
export type SavedView = Static<typeof SavedView>;

export const SavedViewList = Type.Object({ items: Type.Array(SavedView) }, { title: 'SavedViewList' });
export type SavedViewList = Static<typeof SavedViewList>;

const view = {
  name: SavedView.properties.name,
  query: SavedView.properties.query,
  isShared: Type.Boolean(),
};
export const SavedViewCreation = Type.Object(
  { ...view, isShared: Type.Optional(view.isShared) },
  { title: 'SavedViewCreation', additionalProperties: false },
);
export type SavedViewCreation = Static<typeof SavedViewCreation>;

export const SavedViewChange = Type.Partial(Type.Object(view), {
  title: 'SavedViewChange',
  additionalProperties: false,
});
export type SavedViewChange = Static<typeof SavedViewChange>;
