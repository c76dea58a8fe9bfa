-- accepted: whole-table: open requests alone, a handful; each ends where it was, as it goes on in the new table.
INSERT INTO "approvals" (id, kind, subject, content, asked_by_id, asked_at)
SELECT id, CASE change WHEN 'place' THEN 'case.legal_hold' ELSE 'case.legal_hold_end' END, 'legal_hold:' || case_id,
  jsonb_build_object('caseId', case_id, 'basis', basis, 'seq', event_seq), asked_by_id, asked_at
FROM legal_hold_requests WHERE state = 'open';

-- `refused` by who asked: it goes on in the new table.
UPDATE legal_hold_requests SET state = 'refused', decided_by_id = asked_by_id, decided_at = now() WHERE state = 'open';
