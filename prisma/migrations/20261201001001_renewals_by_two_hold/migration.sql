ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_renewal_asked_by_id_fkey";
ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_renewal_confirmed_by_id_fkey";
ALTER TABLE "cases" VALIDATE CONSTRAINT "a_renewal_needs_two";
