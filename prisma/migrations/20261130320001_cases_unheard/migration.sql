CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_unheard" ON "cases"("unit_id", "state_since", "id") WHERE unheard_seq IS NOT NULL;
