-- statement_timeout: 30min
-- Reads the rows, and keeps nobody from writing.
ALTER TABLE "survey_receipts" VALIDATE CONSTRAINT before_partitions;
ALTER TABLE "survey_responses" VALIDATE CONSTRAINT before_partitions;
ALTER TABLE "push_tries" VALIDATE CONSTRAINT before_partitions;
