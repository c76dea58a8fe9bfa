-- accepted: whole-table: what was asked and waits alone, a handful; each goes on in the new table for a week.
INSERT INTO "approvals" (id, kind, subject, content, asked_by_id, asked_at, expires_at)
SELECT gen_random_uuid(), 'order.exemption', 'exemption:' || id,
  jsonb_build_object('orderId', id, 'caseId', case_id, 'carrierId', carrier_id, 'reason', exempt_reason),
  exempt_asked_by_id, now(), now() + interval '7 days'
FROM carrier_orders
WHERE state IN ('queued', 'sent', 'acknowledged', 'failed') AND case_id IS NOT NULL
  AND exempt_asked_by_id IS NOT NULL AND exempt_reason IS NOT NULL;

UPDATE carrier_orders SET exempt_asked_by_id = NULL, exempt_reason = NULL
WHERE state IN ('queued', 'sent', 'acknowledged', 'failed') AND exempt_asked_by_id IS NOT NULL;
