import type { NextRequest } from 'next/server'
import { isOwnOrigin, originEvidence } from '#domain/access/origin.ts'
import { isActionForm, isScriptForm } from './action-form.ts'

/** Why a request goes no further than the proxy: the key of its words among the errors, and its status. */
export interface Refusal {
  readonly words: 'origin' | 'method' | 'large' | 'malformed'
  readonly status: 403 | 405 | 413 | 400
}

/**
 * The largest form a page takes, in bytes: fourteen answers of 100,000 letters of three bytes, and once more the same, as
 * a form that was refused holds what was typed a second time. Files go elsewhere.
 */
export const FORM_LIMIT = 9_000_000

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST'])

/** Whether a request may reach a page. Next would answer a broken or oversized form with a bare 500. */
export async function refusalOf(
  request: NextRequest,
  publicUrl: string | undefined,
): Promise<Refusal | null> {
  if (!methods.has(request.method)) return { words: 'method', status: 405 }
  if (!isOwnOrigin(originEvidence(request, publicUrl))) return { words: 'origin', status: 403 }
  if (request.method !== 'POST') return null
  if (Number(request.headers.get('content-length') ?? 0) > FORM_LIMIT) return { words: 'large', status: 413 }
  return (await isReadable(request)) ? null : { words: 'malformed', status: 400 }
}

async function isReadable(request: NextRequest): Promise<boolean> {
  const byScript = request.headers.has('next-action')
  if (!request.headers.get('content-type')?.startsWith('multipart/')) return !byScript
  try {
    const form = await request.clone().formData()
    return byScript ? isScriptForm(form) : isActionForm(form)
  } catch {
    return false
  }
}
