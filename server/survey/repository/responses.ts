import '#server-only'
import type { Rating } from '#domain/survey/rating.ts'
import { db, type Tx } from '#server/platform/db.ts'
import type { AgencyOnDay } from './agencies.ts'

export interface NewResponse {
  readonly id: string
  readonly agency: AgencyOnDay
  readonly questionnaireVersion: number
  readonly rating: Rating
  readonly receivedMonth: Date
}

/** Writes an answer and, in tables apart that do not name it, what was written with it. */
export async function addResponse(
  tx: Tx,
  { id, agency, questionnaireVersion, rating, receivedMonth }: NewResponse,
  apart: { readonly newId: () => string; readonly receiptHash: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await tx.surveyResponse.create({
    data: {
      id,
      agencyId: agency.id,
      agencyVersionId: agency.versionId,
      questionnaireVersion,
      serviceDate: new Date(rating.serviceDate),
      procedure: rating.procedure,
      withCode: rating.dossierCode !== null,
      receivedMonth,
      answers: { ...rating.answers },
    },
    select: { id: true },
  })
  const written = { agencyId: agency.id, receivedMonth }
  const comments = [
    ...(rating.comment === null ? [] : [{ ...written, id: apart.newId(), text: rating.comment }]),
    ...Object.entries(rating.texts).map(([question, text]) => ({
      ...written,
      id: apart.newId(),
      text,
      questionnaireVersion,
      question,
    })),
  ]
  if (comments.length > 0) await tx.surveyComment.createMany({ data: comments })
  if (rating.suggestion !== null) {
    const data = { id: apart.newId(), questionnaireVersion, receivedMonth, text: rating.suggestion }
    await tx.surveySuggestion.create({ data, select: { id: true } })
  }
  await tx.surveyReceipt.create({
    data: { numberHash: apart.receiptHash, receivedMonth },
    select: { receivedMonth: true },
  })
}

export const hasReceipt = async (numberHash: Uint8Array<ArrayBuffer>): Promise<boolean> =>
  (await db.surveyReceipt.count({ where: { numberHash } })) === 1
