CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_watched" ON "cases"("watch_until", "id") WHERE watch_until IS NOT NULL;
