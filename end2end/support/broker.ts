// A broker like UNI-Login's, made of a certified OpenID provider: claims `uniid`, `aktoer_gruppe`, `unilogin_loa`,
// `institution_ids`, PKCE, `iss` in the answer, back-channel logout. Who signs in there types their UNI-Login id.
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

const CLIENT = 'adgang';
const SECRET = 'a secret of this machine, long enough for whoever asks';

/** What the broker says of somebody. */
export interface Says {
  aktoer_gruppe: string;
  unilogin_loa: string;
}
const EMPLOYEE: Says = { aktoer_gruppe: 'Medarbejder', unilogin_loa: 'ToFaktor' };

export class Broker {
  private provider?: Provider;
  private readonly people = new Map<string, Says>();

  private constructor(private readonly http: HttpServer, readonly issuer: string) {}

  /** Listens; a server of ours is told where before it is a client here. */
  static async start(): Promise<Broker> {
    const http = createServer((request, response) => void broker.answer(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const broker = new Broker(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    return broker;
  }

  /** What a server's environment says of this broker. */
  get environment(): Record<string, string> {
    return { ADGANG_BROKER_ISSUER: this.issuer, ADGANG_BROKER_CLIENT_ID: CLIENT, ADGANG_BROKER_CLIENT_SECRET: SECRET };
  }

  /** Takes the server at an address as its client. */
  serve(url: string): void {
    this.provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT,
          client_secret: SECRET,
          redirect_uris: [`${url}/sign-in/broker/back`],
          post_logout_redirect_uris: [`${url}/sign-in`],
          backchannel_logout_uri: `${url}/sign-in/broker/ended`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ['sub', 'uniid', 'aktoer_gruppe', 'unilogin_loa', 'institution_ids'] },
      conformIdTokenClaims: false,
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: `broker-${id}`, uniid: id, institution_ids: ['999958'], ...(this.people.get(id) ?? EMPLOYEE) }),
      }),
      interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
      loadExistingGrant: async (context: { oidc: { client: { clientId: string }; session: { accountId: string } } }) => {
        const grant = new this.provider!.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
        grant.addOIDCScope('openid');
        await grant.save();
        return grant;
      },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource: (context: { body: string }, form: string) => {
            context.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Log ud af brokeren</button>`);
          },
          postLogoutSuccessSource: (context: { body: string }) => {
            context.body = page('Logget ud.');
          },
        },
      },
      // Its own dispatcher refuses to talk to this machine, where our server is.
      fetch: (url: string, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown }) => fetch(url, options),
      cookies: { keys: ['of these tests alone'] },
    });
  }

  /** Says something else of somebody than that they are an employee with two factors. */
  says(id: string, what: Partial<Says>): void {
    this.people.set(id, { ...EMPLOYEE, ...what });
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.provider) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return this.provider.callback()(request, response);
    if (request.method === 'GET') {
      const form = '<form method="post"><label>UNI-Login <input name="id"></label><button>Log ind hos brokeren</button></form>';
      return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(form));
    }
    let body = '';
    for await (const piece of request) body += piece;
    const login = { accountId: new URLSearchParams(body).get('id') };
    return this.provider.interactionFinished(request, response, { login });
  }
}

function page(inner: string): string {
  return `<!doctype html><html lang="da"><head><title>Broker</title><link rel="icon" href="data:,"></head><body>${inner}</body></html>`;
}
