import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'

/** Deletes some comments that came in, or were released, in a month that ended before an instant; returns how many. */
export const forgetComments = (before: Instant): Promise<number> => db.$executeRaw`
  DELETE FROM survey_comments WHERE id IN (
    SELECT id FROM survey_comments
    WHERE received_month < date_trunc('month', ${before}::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date LIMIT 500)`
