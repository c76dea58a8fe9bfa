-- PostgreSQL vacuums a table once a fifth of its rows are dead. That is right for rows that are written once, and late
-- for these. No lock beyond that of a comment is taken, and no row is touched.

-- Few rows, each written again with every request: dead ones are read past each time. By count, not by share.
ALTER TABLE "public_changes" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, fillfactor = 50);
ALTER TABLE "troubles" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
ALTER TABLE "rate_limits" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, fillfactor = 80);

-- Every session is written each minute of its use, and room on its own page keeps that out of its indexes.
ALTER TABLE "staff_sessions" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200, fillfactor = 80);
ALTER TABLE "case_sessions" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200, fillfactor = 80);
ALTER TABLE "identity_sessions" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200, fillfactor = 80);

-- What comes and goes: keys of sent forms, codes, messages. At a fifth of millions the next vacuum would be days away.
ALTER TABLE "submissions" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1);
ALTER TABLE "contact_codes" SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "notices" SET (autovacuum_vacuum_scale_factor = 0.02);

-- A case and an order change state some five times; the lists of the queue are read by their indexes all day.
ALTER TABLE "cases" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE "carrier_orders" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE "queued_orders" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- Ten answers are published without a look at all that ever waited, while their dead entries are cleared (docs/performance.md).
ALTER TABLE "survey_responses" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Rows that are only ever added are frozen as they come, and their pages marked, in small steps rather than in one
-- night of all of them before transaction numbers run out.
ALTER TABLE "audit_entries" SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 0);
ALTER TABLE "audit_leaves" SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 0);
ALTER TABLE "audit_nodes" SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 0);
ALTER TABLE "book_entries" SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 1000000);
ALTER TABLE "survey_receipts" SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 1000000);
