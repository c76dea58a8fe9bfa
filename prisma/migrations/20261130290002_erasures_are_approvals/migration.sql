-- accepted: whole-table: proposed erasures alone, a handful; each goes on in the new table.
INSERT INTO "approvals" (id, kind, subject, content, asked_by_id, asked_at)
SELECT gen_random_uuid(), 'case.erasure', 'erasure:' || id,
  jsonb_build_object('caseId', case_id, 'requestId', id, 'unitId', unit_id, 'seq', proposed_seq), proposed_by_id, proposed_at
FROM data_requests
WHERE state = 'open' AND kind = 'erase' AND proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL AND proposed_seq IS NOT NULL;

UPDATE data_requests SET proposed_by_id = NULL, proposed_at = NULL, proposed_seq = NULL
WHERE state = 'open' AND proposed_by_id IS NOT NULL;
