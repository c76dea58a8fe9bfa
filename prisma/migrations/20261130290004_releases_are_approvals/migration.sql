-- accepted: whole-table: releases that wait for a second person, a handful; each request goes on in the new table.
INSERT INTO "approvals" (id, kind, subject, content, asked_by_id, asked_at)
SELECT gen_random_uuid(), 'order.release', 'release:' || id,
  jsonb_build_object('releaseId', id, 'outcome', requested_outcome, 'reason', reason, 'withheld', to_jsonb(withheld_case_ids)),
  asked_by_id, asked_at
FROM order_releases
WHERE state = 'asked' AND requested_outcome IS NOT NULL AND reason IS NOT NULL AND asked_by_id IS NOT NULL AND asked_at IS NOT NULL;

UPDATE order_releases SET requested_outcome = NULL, reason = NULL, withheld_case_ids = '{}', asked_by_id = NULL, asked_at = NULL
WHERE state = 'asked';
