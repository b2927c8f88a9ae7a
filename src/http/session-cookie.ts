import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply } from 'fastify';

/** What decides how cookies of this server are sent. */
export interface CookieRules {
  /** How browsers reach us: with https, cookies are for https alone. */
  readonly publicUrl: () => string;
  /** A browser that comes back from single sign-on comes from elsewhere. */
  readonly singleSignOn?: unknown;
}

/** The session's cookie: no script reads it, no other site's page makes a browser send it with a change. */
export function createSessionCookie({ publicUrl, singleSignOn }: CookieRules) {
  const isSecure = (): boolean => publicUrl().startsWith('https:');
  // The prefix makes browsers refuse one that a neighbouring host, or plain http, wants to set.
  const name = (): string => (isSecure() ? '__Host-earshot_session' : 'earshot_session');
  const attributes = () =>
    ({
      path: '/',
      httpOnly: true,
      secure: isSecure(),
      sameSite: singleSignOn === undefined ? 'strict' : 'lax',
    }) as const;

  return {
    /** The token that a Cookie header holds. */
    read(header: string | undefined): string | undefined {
      const token = header === undefined ? undefined : fastifyCookie.parse(header)[name()];
      return token === undefined || token === '' ? undefined : token;
    },
    /** No instant of its own: the session's end is the server's to know, and a closed browser forgets it. */
    set(reply: FastifyReply, token: string): void {
      reply.header('set-cookie', fastifyCookie.serialize(name(), token, attributes()));
    },
    clear(reply: FastifyReply): void {
      reply.header('set-cookie', fastifyCookie.serialize(name(), '', { ...attributes(), maxAge: 0 }));
    },
  };
}

export type SessionCookie = ReturnType<typeof createSessionCookie>;
