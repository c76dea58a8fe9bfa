'use server'
import { z } from 'zod'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const stepUpAction = staffAction(
  { schema: z.object({}), permission: 'survey:manage', stepUp: 'file' },
  async (_actor, _input, { locale }) => ({ to: pathFor(locale, '/admin/survey/export') }),
)
