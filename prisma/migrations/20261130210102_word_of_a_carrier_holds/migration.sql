ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_shared_proposed_by_id_fkey";
ALTER TABLE "cases" VALIDATE CONSTRAINT "shared_proposal_is_whole";
