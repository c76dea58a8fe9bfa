ALTER TABLE "evidence" VALIDATE CONSTRAINT "evidence_scan_is_whole";
