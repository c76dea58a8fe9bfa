/** The pieces that the descriptions of several interfaces share (OpenAPI 3.1). */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

export const json = (schema: object, example?: object) => ({
  content: { 'application/json': { schema, ...(example && { example }) } },
})

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
})

export const PROBLEMS = {
  badParameters: { '400': problem('A parameter is not right; `errors` names it.') },
  badBody: {
    '400': problem('The body is cut off, is not JSON in UTF-8, or has an object with a name twice.'),
    '413': problem('The body is too large.'),
    '415': problem('The body is not sent as `application/json`.'),
    '422': problem('The body does not fit its schema; `errors` points at up to 20 places.'),
  },
  badList: {
    '409': problem('Your list before is still being compared, or the sequence is greater than your last.'),
    '413': problem('The list is too large or has too many rows.'),
    '422': problem('The list is empty or no CSV of IMEIs; `type` says which.'),
  },
  unauthorized: {
    '401': problem('No live API key was shown.'),
    '403': problem(
      'Your orders come by letter now: until the relay changes the way back, your keys open nothing.',
    ),
  },
  notFound: { '404': problem('There is nothing here.') },
  beyondHead: { '409': problem('The sequence is greater than your last.') },
  failed: { '500': problem('Failed on our side; nothing was kept half. Try again.') },
} as const

export const parameter = (where: 'query' | 'path', name: string, description: string, schema: object) => ({
  name,
  in: where,
  required: where === 'path',
  description,
  schema,
})

export const SHARED_SCHEMAS = {
  Problem: {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'status', 'title'],
    properties: {
      type: { type: 'string', format: 'uri', examples: ['urn:problem:an-tam:bad-parameters'] },
      status: { type: 'integer' },
      title: { type: 'string' },
      detail: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['at', 'detail'],
          properties: {
            at: { type: 'string', description: 'a JSON pointer into the body, or a parameter’s name' },
            detail: { type: 'string' },
          },
        },
      },
    },
  },
  Imei: { type: 'string', pattern: '^[0-9]{15}$', description: 'with its check digit' },
}
