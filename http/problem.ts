import '#server-only'

/** A problem report for a program (RFC 9457). */
export interface ProblemReport {
  readonly status: number
  /** A short, stable name; part of the `type` URI. */
  readonly code: string
  readonly title: string
  readonly detail?: string
  /** Faults with their places: JSON pointers (body) or parameter names (query). */
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

/** Returns the answer to invalid parameters; each is named as a path of one part. */
export const badParameters = (error: Parameters<typeof faultsOf>[0]): Response =>
  problem({
    status: 400,
    code: 'bad-parameters',
    title: 'The parameters are not right',
    errors: faultsOf(error).map((fault) => ({ ...fault, at: fault.at.slice(1) })),
  })

/** Returns the answer to a body that the schema refused. Names at most 20 faults. */
export const badBody = (error: Parameters<typeof faultsOf>[0]): Response =>
  problem({
    status: 422,
    code: 'bad-body',
    title: 'The body does not fit its schema',
    errors: faultsOf(error),
  })

/** Returns the answer to a body with invalid rows; none of its rows is accepted. Names at most 20. */
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
