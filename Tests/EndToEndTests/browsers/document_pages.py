"""The pages of documents and of the record, beside the life of a consultation."""

from life_pages import Surgery, Waiting

A_WAY = 60  # seconds, for 10 MB with breaks on a busy machine


class Physician(Surgery):
    def opens_the_documents(self):
        """In the call."""
        self.device.click("documents-open")
        self.device.wait("sheet-documents")

    def chooses(self, path, kind, name=None):
        """Fills in the form; the page proposes the file's own name."""
        device = self.device
        device.click("document-add")
        device.wait("document-file")
        device.choose_file("document-file", path)
        device.until(lambda: device.look("document-name", "element.value") == path.name, "the file's name is proposed")
        device.choose("document-kind", kind)
        if name:
            device.fill("document-name", name)

    def hands_over(self, path, kind="prescription", name=None):
        self.chooses(path, kind, name)
        self.device.click("document-submit")
        self.device.find("document", f"element.textContent.includes({(name or path.name)!r}) || null", A_WAY)

    def sees_the_document(self, fetched):
        self.device.wait(f"document fetched={str(fetched).lower()}", A_WAY)


class Patient(Waiting):
    def is_told_of_a_document(self):
        """At once, by a screen reader too."""
        self.device.until(lambda: "document" in (self.device.run("return document.querySelector('[data-test=document-news]').textContent") or ""), "it is said")

    def fetches(self, name):
        """The bytes that were saved."""
        self.device.click("document-fetch")
        self.device.wait("document fetched=true", A_WAY)
        return self.device.until(lambda: self.device.saved(name), f"{name} is saved")
