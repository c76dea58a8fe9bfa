CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "survey_responses_with_month" ON "survey_responses"("id", "received_month");
