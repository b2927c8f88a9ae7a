import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { Ref } from 'react';

/*
 * Mantine's looks on the router's links. Not `component={Link}`: by that way neither would check `to`, `params` and
 * `search` against the routes.
 */

interface Rest {
  readonly ref?: Ref<HTMLAnchorElement>;
}

export const AnchorLink = createLink((props: AnchorProps & Rest) => <Anchor {...props} />);

export const ButtonLink = createLink((props: ButtonProps & Rest) => <Button component="a" {...props} />);
