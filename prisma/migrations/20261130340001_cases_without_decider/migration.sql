CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_no_decider" ON "cases"("no_decider_at", "id") WHERE (no_decider_at IS NOT NULL);
