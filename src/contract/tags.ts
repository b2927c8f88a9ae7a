import { Type, type Static } from 'typebox';
import { maxTagLength, tagPattern } from './tag-shape.js';

export const TagName = Type.String({
  minLength: 1,
  maxLength: maxTagLength,
  pattern: tagPattern,
});

export const CallTags = Type.Object(
  { tags: Type.Array(TagName, { description: 'By name.' }) },
  { title: 'CallTags' },
);
export type CallTags = Static<typeof CallTags>;

export const TagList = Type.Object(
  { items: Type.Array(Type.Object({ tag: TagName, calls: Type.Integer() })) },
  { title: 'TagList', description: 'Every tag in use and how many calls have it.' },
);
export type TagList = Static<typeof TagList>;
