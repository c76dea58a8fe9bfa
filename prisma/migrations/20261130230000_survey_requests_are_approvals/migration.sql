-- accepted: whole-table: open requests alone, a handful; each ends where it was, as it goes on in the new table.
-- What two survey managers decide stands among all that two people decide. The trigger `needs_second_person` looks there, and at
-- the old table for what the release before confirms.
INSERT INTO "approvals" (id, kind, subject, content, asked_by_id, asked_at)
SELECT id, CASE WHEN exclusion_id IS NULL THEN 'survey.withdrawal' ELSE 'survey.reversal' END,
  CASE WHEN exclusion_id IS NULL THEN 'report:' || report_id ELSE 'exclusion:' || exclusion_id END,
  CASE WHEN exclusion_id IS NULL THEN jsonb_build_object('reportId', report_id) ELSE jsonb_build_object('exclusionId', exclusion_id) END
    || jsonb_build_object('reasonVi', reason_vi, 'reasonEn', reason_en),
  asked_by_id, asked_at
FROM survey_requests WHERE state = 'asked';

-- `dropped` names who ended it: the person who asked goes on in the new table.
UPDATE survey_requests SET state = 'dropped', decided_by_id = asked_by_id, decided_at = now() WHERE state = 'asked';
