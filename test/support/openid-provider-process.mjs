import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/*
 * A real OpenID provider: `node openid-provider-process.mjs CLIENT_ID CLIENT_SECRET REDIRECT_URI PEOPLE PORT`, PEOPLE being
 * JSON: claims by account. Whoever asks with `x-account: NAME` has signed in as that one. Prints its issuer.
 */
const [clientId, clientSecret, redirectUri, peopleText, port] = process.argv.slice(2);
const people = JSON.parse(peopleText);

let handle = (_request, response) => response.end();
const server = createServer((request, response) => handle(request, response));
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    pkce: { required: () => true },
    cookies: { keys: ['of the tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const { prompt, params } = await provider.interactionDetails(context.req, context.res);
    const accountId = context.get('x-account');
    const result =
      accountId === 'nobody'
        ? { error: 'access_denied' }
        : prompt.name === 'login'
          ? { login: { accountId } }
          : { consent: { grantId: await grantAll(provider, accountId, params) } };
    await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: true });
    context.respond = false;
  });
  handle = provider.callback();
  process.stdout.write(`${issuer}\n`);
});

async function grantAll(provider, accountId, params) {
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return grant.save();
}
