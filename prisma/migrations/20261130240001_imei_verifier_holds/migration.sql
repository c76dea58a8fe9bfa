ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_imeis_verified_by_id_fkey";
