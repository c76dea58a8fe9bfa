-- How many answers are kept out is no public change any more (prisma/functions/count_public_change.sql).
DROP TRIGGER IF EXISTS public_change ON "survey_exclusion_totals";
