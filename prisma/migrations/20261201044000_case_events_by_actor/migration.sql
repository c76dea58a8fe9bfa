CREATE INDEX CONCURRENTLY IF NOT EXISTS "case_events_by_actor" ON "case_events"("actor_id", "at") WHERE (actor_id IS NOT NULL);
