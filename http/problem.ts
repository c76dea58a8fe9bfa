import '#server-only'

/** The report of what went wrong, for a program: RFC 9457. */
export interface ProblemReport {
  readonly status: number
  /** A short, stable name; its `type` is made of it. */
  readonly code: string
  readonly title: string
  readonly detail?: string
  /** The faults and their places, as JSON pointers (body) or parameter names (query). */
  readonly errors?: readonly { readonly at: string; readonly detail: string }[]
}

export function problem({ code, ...rest }: ProblemReport, headers: Record<string, string> = {}): Response {
  return Response.json(
    { type: `urn:problem:an-tam:${code}`, ...rest },
    {
      status: rest.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    },
  )
}

const faultsOf = (error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }) =>
  error.issues.slice(0, 20).map(({ path, message }) => ({
    at: path.length === 0 ? '' : `/${path.map(String).join('/')}`,
    detail: message,
  }))

/** Parameters that a schema refused: each is named as a path of one part. */
export const badParameters = (error: Parameters<typeof faultsOf>[0]): Response =>
  problem({
    status: 400,
    code: 'bad-parameters',
    title: 'The parameters are not right',
    errors: faultsOf(error).map((fault) => ({ ...fault, at: fault.at.slice(1) })),
  })

/** Returns the answer to a body that was read but that a schema refused. At most 20 faults are named. */
export const badBody = (error: Parameters<typeof faultsOf>[0]): Response =>
  problem({
    status: 422,
    code: 'bad-body',
    title: 'The body does not fit its schema',
    errors: faultsOf(error),
  })

/** Returns the answer to a body some of whose rows cannot be taken, so that none is. At most 20 are named. */
export const faultyRows = (
  of: string,
  faults: readonly { readonly line: number; readonly fault: string }[],
): Response =>
  problem({
    status: 422,
    code: 'faulty-rows',
    title: 'Some rows cannot be taken, so none was',
    errors: faults.slice(0, 20).map(({ line, fault }) => ({ at: `/${of}/${line}`, detail: fault })),
  })

export const notFound = (detail?: string): Response =>
  problem({ status: 404, code: 'not-found', title: 'There is nothing here', ...(detail && { detail }) })

export const goneProblem = (detail: string): Response =>
  problem({ status: 410, code: 'gone', title: 'This is no longer given out', detail })
