import { z } from 'zod'

// Parts shared by the descriptions of several interfaces (OpenAPI 3.1). They contain Zod schemas, which document.ts converts to
// JSON Schema.

export const json = (schema: z.ZodType, example?: object) => ({
  content: { 'application/json': { schema, ...(example && { example }) } },
})

const problemSchema = z
  .object({
    type: z.url().meta({ format: 'uri', examples: ['urn:problem:an-tam:bad-parameters'] }),
    status: z.int(),
    title: z.string(),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          at: z.string().describe('a JSON pointer into the body, or a parameter’s name'),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' })

const problem = (
  description: string,
  types: readonly string[],
  headers?: Readonly<Record<string, ReturnType<typeof header>>>,
) => ({
  description: `${description} \`type\`: ${types.map((type) => `\`urn:problem:an-tam:${type}\``).join(', ')}.`,
  ...(headers && { headers }),
  content: { 'application/problem+json': { schema: problemSchema } },
})

export const header = (description: string, schema: z.ZodType) => ({ description, required: true, schema })

const signedHeader = (name: string, description: string, schema: z.ZodType) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema,
})

/** Standard Webhooks headers, which sign pushed messages and the messages of the city's one-stop system. */
export const SIGNED_HEADERS = [
  signedHeader('webhook-id', 'what the message is called; the same each time that it is tried', z.string()),
  signedHeader(
    'webhook-timestamp',
    'when this try was made, in seconds since 1970; refuse what is over 5 minutes off',
    z.string().regex(/^[0-9]+$/),
  ),
  signedHeader(
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `{id}.{timestamp}.{body}` in base64 under your secret (what follows `whsec_`, decoded); several with spaces between while a secret is changed: accept it when any one is right',
    z.string(),
  ),
]

const RETRY_AFTER = { 'Retry-After': header('seconds', z.int().min(1)) }

const beyondHead = ['beyond-head']
const tooLarge = problem('The body is too large.', ['too-large'])
const method = {
  '405': problem('The path does not have that method.', ['method-not-allowed'], {
    Allow: header('the methods that it has', z.string()),
  }),
}
export const PROBLEMS = {
  badParameters: {
    '400': problem('A parameter is not right; `errors` names it.', ['bad-parameters']),
  },
  badBody: {
    '400': problem('The body is cut off, is not JSON in UTF-8, or has an object with a name twice.', [
      'unreadable-body',
      'name-twice',
    ]),
    '413': tooLarge,
    '415': problem('The body is not sent as `application/json` in UTF-8, or is compressed.', [
      'not-json',
      'encoded-body',
    ]),
    '422': problem('The body does not fit its schema; `errors` points at up to 20 places.', ['bad-body']),
  },
  badList: {
    '409': problem('Your list before is still being compared, or the sequence is greater than your last.', [
      'busy',
      ...beyondHead,
    ]),
    '413': problem('The list is too large or has too many rows.', ['too-large', 'too-many-rows']),
    '422': problem('The list is empty or no CSV of IMEIs.', ['empty-list', 'no-imei', 'not-text', 'not-csv']),
  },
  unauthorized: {
    '401': problem('No live API key was shown.', ['unauthorized'], {
      'WWW-Authenticate': header('how a key is shown', z.literal('Bearer realm="carrier"')),
    }),
    '403': problem(
      'Your orders come by letter now: until the relay changes the way back, your keys read nothing; results of what you had acknowledged before are taken.',
      ['by-letter'],
    ),
  },
  unsigned: {
    '401': problem('The body is not signed, or was signed over five minutes ago.', ['not-signed']),
  },
  rows: {
    '422': problem(
      'Rows that cannot be taken, or a body that does not fit its schema; `errors` points at up to 20 places. Nothing was taken.',
      ['faulty-rows', 'bad-body'],
    ),
  },
  list: {
    '409': problem('The agency has a list of that month already; it stands.', ['refused']),
    '422': problem(
      'Nothing was taken: a row or the body does not fit (`errors`), or the list as a whole (`detail`): `agency`, `month`, `future`, `closed` (it did not exist then), `source`, `few` (of under 30 nobody is drawn).',
      ['faulty-rows', 'bad-body', 'refused'],
    ),
  },
  method,
  notFound: { '404': problem('There is nothing here.', ['not-found']) },
  beyondHead: { '409': problem('The sequence is greater than your last.', beyondHead) },
  tooMany: {
    '429': problem('Too many from this address.', ['too-many-requests'], RETRY_AFTER),
  },
  failed: {
    ...method,
    '500': problem('Failed on our side; nothing was kept half. Try again.', ['internal']),
    '503': problem('Too much is asked for at this moment; nothing was begun.', ['busy'], RETRY_AFTER),
  },
} as const
