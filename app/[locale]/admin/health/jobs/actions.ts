'use server'
import { dropJobs, sendJobsAgain } from '#features/health/dead-jobs/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const sendJobsAgainAction = staffForm(sendJobsAgain)
export const dropJobsAction = staffForm(dropJobs)
