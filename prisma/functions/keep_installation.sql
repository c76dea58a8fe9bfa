-- Refuses to change the installation's id, or to join it to a store a second time.
CREATE OR REPLACE FUNCTION keep_installation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.id <> OLD.id OR OLD.joined_at IS NOT NULL THEN
    RAISE EXCEPTION 'the id of an installation is written once';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_installation BEFORE UPDATE OR DELETE ON "installation"
  FOR EACH ROW EXECUTE FUNCTION keep_installation();

CREATE OR REPLACE TRIGGER keep_installation_row BEFORE TRUNCATE ON "installation"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_installation();
