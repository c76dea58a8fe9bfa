import { letterForPolice } from '#app/api/decision-letter.ts'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { withPaper } from '#features/papers/acts.ts'
import { clientAddress } from '#http/address.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { languageOf } from '#messages/ready-text.ts'

export const access = 'case:read' satisfies Access

/**
 * `GET /api/cases/{number}/letters/{seq}`: the decision of that event as a PDF, in the language of the case. Only for police who
 * have opened its papers, because the letter has the person's name.
 */
export const GET = routeHandler<{ number: string; seq: string }>(async (request, { number, seq }) => {
  const staff = await currentStaff()
  if (!staff || !may(staff.role, access)) return notFound()
  const now = new Date()
  const view = await readCaseFile(staff, number, now)
  if (!view || view.openUntil === null) return notFound()
  const locale = languageOf(view.locale)
  const letter = await letterForPolice(view, Number(seq), locale, now)
  if (!letter) return notFound()
  const owner = { owner: view.snapshot.id, address: clientAddress(request.headers) }
  const paper = { kind: 'decision_letter', props: { words: letter.words, language: locale } } as const
  return withPaper(owner, async (draw) =>
    privateFile(`an-tam-${view.snapshot.number}-quyet-dinh.pdf`, new Uint8Array(await draw(paper))),
  )
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
