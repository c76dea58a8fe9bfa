import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import {
  hasAnotherManager,
  openRequest,
  type RequestSubject,
  type SurveyRequest,
} from '../repository/requests.ts'

export type { RequestSubject } from '../repository/requests.ts'

/** The request that was made about something, and whether the viewer may confirm it. */
export interface SecondPerson {
  readonly request: SurveyRequest | null
  /** Tells whether the viewer asked for it. */
  readonly own: boolean
  /** Tells whether anybody besides the viewer could confirm the request. */
  readonly another: boolean
}

/** Returns the state of an act that needs two survey managers, for one of them; null for any other person. */
export async function secondPerson(actor: StaffActor, subject: RequestSubject): Promise<SecondPerson | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const [request, another] = await Promise.all([openRequest(subject), hasAnotherManager(actor.id)])
  return { request, own: request?.askedById === actor.id, another }
}
