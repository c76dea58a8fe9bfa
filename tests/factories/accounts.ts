import { randomUUID } from 'node:crypto'
import * as acts from '#features/accounts/acts.ts'
import type { NewAccount } from '#features/accounts/data.ts'
import type { Post } from '#features/accounts/rules.ts'
import { setStaffActive as dismissOrTakeBack } from '#features/cases/staffing/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'

export const invite = (
  actor: StaffActor,
  account: NewAccount,
  now: Instant,
  submitKey: string = randomUUID(),
) => acts.invite(actor, { ...account, submitKey }, now)

export const setEmail = (
  actor: StaffActor,
  accountId: string,
  newEmail: string,
  now: Instant,
  submitKey: string = randomUUID(),
) => acts.setEmail(actor, { accountId, newEmail, submitKey }, now)

export const resetSignIn = (
  actor: StaffActor,
  accountId: string,
  now: Instant,
  submitKey: string = randomUUID(),
) => acts.resetSignIn(actor, { accountId, submitKey }, now)

export const endAllSessions = (actor: StaffActor, accountId: string, now: Instant) =>
  acts.endAllSessions(actor, { accountId, submitKey: randomUUID() }, now)

/** Dismisses a person, or asks to take them back. */
export const setStaffActive = (actor: StaffActor, accountId: string, active: boolean, now: Instant) =>
  dismissOrTakeBack(actor, { accountId, active: active ? 'yes' : 'no', submitKey: randomUUID() }, now)

/** Asks for another post. */
export const setStaffPost = (actor: StaffActor, accountId: string, post: Post, now: Instant) =>
  acts.setPost(actor, { accountId, ...post, submitKey: randomUUID() }, now)
