import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import { env } from '#platform/env.ts'
import { isSignedWebhook } from '#platform/webhook.ts'
import { textBody } from './json-body.ts'
import { problem } from './problem.ts'

/**
 * Reads a JSON body of at most `limit` bytes that the SMS gateway has signed (Standard Webhooks, `SMS_REPORT_SECRET`); null
 * stands for what is no JSON. The refusal is the answer to send.
 */
export const gatewayBody = (request: Request, limit: number, now: Date): Promise<Result<unknown, Response>> =>
  signedBody(request, limit, env().SMS_REPORT_SECRET, now)

/** Reads a body that the city's one-stop system has signed (`VOLUMES_SECRET`), as `gatewayBody` does. */
export const oneStopBody = (request: Request, limit: number, now: Date): Promise<Result<unknown, Response>> =>
  signedBody(request, limit, env().VOLUMES_SECRET, now)

async function signedBody(
  request: Request,
  limit: number,
  secret: Buffer | undefined,
  now: Date,
): Promise<Result<unknown, Response>> {
  const text = await textBody(request, limit)
  if (!text.ok) return text
  if (secret === undefined || !isSignedWebhook(secret, request.headers, text.value, now))
    return err(unsigned())
  try {
    return ok(JSON.parse(text.value))
  } catch {
    return ok(null)
  }
}

const unsigned = (): Response =>
  problem({
    status: 401,
    code: 'not-signed',
    title: 'Sign the report with the secret that was agreed, less than five minutes ago',
  })
