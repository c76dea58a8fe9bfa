'use server'
import { getTranslations } from 'next-intl/server'
import { endAllSessions, invite, resetSignIn, setEmail, setPost } from '#features/accounts/acts.ts'
import { setStaffActive } from '#features/cases/staffing/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const inviteAction = staffForm(invite, async () => ({
  done: (await getTranslations('admin.accounts'))('requested'),
}))
export const setEmailAction = staffForm(setEmail)
export const resetAction = staffForm(resetSignIn)
export const endAllSessionsAction = staffForm(endAllSessions)

export const setActiveAction = staffForm(setStaffActive)
export const setPostAction = staffForm(setPost)
