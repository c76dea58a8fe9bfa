CREATE INDEX CONCURRENTLY IF NOT EXISTS "objections_granted" ON "objections"("against_id") WHERE (state = 'granted'::objection_state);
