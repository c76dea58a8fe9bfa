'use server'
import { maskByHand, reviewComment } from '#features/ratings/comments/acts.ts'
import { changePromise, keepPromise, withdrawReply, writeReply } from '#features/ratings/replies/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const answerAction = staffForm(writeReply)
export const keepAction = staffForm(keepPromise)
export const changeAction = staffForm(changePromise)
export const withdrawAction = staffForm(withdrawReply)
export const maskAction = staffForm(maskByHand)
export const reviewAction = staffForm(reviewComment)
