ALTER TABLE "erasures" VALIDATE CONSTRAINT "erasures_kind_check";
