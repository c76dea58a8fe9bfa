import '#server-only'
import type { z } from 'zod'
import { err, ok, type Result } from '#lib/result.ts'
import { env } from '#platform/env.ts'
import { isSignedWebhook } from '#platform/webhook.ts'
import { jsonValue, textBody } from './json-body.ts'
import { badBody, problem } from './problem.ts'

interface Expected<S> {
  readonly schema: S
  readonly mostBytes: number
  /** Selects the signer: the SMS gateway, or the city's one-stop system. */
  readonly secret: 'SMS_REPORT_SECRET' | 'VOLUMES_SECRET'
}

/** Reads a JSON body with a signature over id, time and body (Standard Webhooks). The error is the answer to send. */
export async function signedBody<S extends z.ZodType>(
  request: Request,
  { schema, mostBytes, secret: name }: Expected<S>,
  now: Date,
): Promise<Result<z.output<S>, Response>> {
  const text = await textBody(request, mostBytes)
  if (!text.ok) return text
  const secret = env()[name]
  if (secret === undefined || !isSignedWebhook(secret, request.headers, text.value, now))
    return err(unsigned())
  const body = jsonValue(text.value)
  if (!body.ok) return body
  const read = schema.safeParse(body.value)
  return read.success ? ok(read.data) : err(badBody(read.error))
}

const unsigned = (): Response =>
  problem({
    status: 401,
    code: 'not-signed',
    title: 'Sign the body with the secret that was agreed, less than five minutes ago',
  })
