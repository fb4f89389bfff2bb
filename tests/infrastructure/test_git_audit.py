"""The whole history of event files as git has it: branches, merges, signatures, and what is not here (DESIGN 3)."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from jerry_git.application.auditing import audit
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_audit import GitAuditedHistory
from jerry_git.infrastructure.adapters.git_discovery import discover
from tests.infrastructure.repositories import commit_all, git, make_repository, settings, write

ONE = ".jerry/events/2026-11/s/00000001-aaaaaaaaaaaa.json"
TWO = ".jerry/events/2026-11/s/00000002-bbbbbbbbbbbb.json"
OTHER = ".jerry/events/2026-12/t/00000001-cccccccccccc.json"


def history_of(root, revision="HEAD"):
    return GitAuditedHistory(Git(root), discover(root), revision)


def audited(root, revision="HEAD"):
    return audit(history_of(root, revision))


def found(root, revision="HEAD"):
    """The findings as code and path."""
    return [(finding.code, finding.path) for finding in audited(root, revision).findings]


def commits(root, revision="HEAD"):
    """Path and commit of each addition."""
    return [(addition.path, addition.commit) for addition in audited(root, revision).additions]


def commit(root, *paths, content="x", **environment):
    """Write files and commit them; the id of the commit."""
    for path in paths:
        write(root, path, content)
    return commit_all(root, "events", **environment)


def branch(root, name):
    git(root, "checkout", "--quiet", "-b", name)


def back(root, name="main"):
    git(root, "checkout", "--quiet", name)


def merge(root, *options):
    git(root, "merge", "--quiet", "--no-edit", *options)


@pytest.fixture
def parted(repository):
    """`main` has ONE and OTHER, the branch `side` has ONE and TWO."""
    commit(repository, ONE)
    branch(repository, "side")
    commit(repository, TWO)
    back(repository)
    commit(repository, OTHER)
    return repository


def refusal(root, revision="HEAD"):
    with pytest.raises(CannotCheckError) as caught:
        audited(root, revision)
    return caught.value


@pytest.mark.positive
def test_each_file_is_told_with_the_commit_that_added_it(repository):
    first, second = commit(repository, ONE, OTHER), commit(repository, TWO)
    write(repository, "code", "x")
    last = commit_all(repository, "code")
    report = audited(repository)
    assert commits(repository) == [(ONE, first), (OTHER, first), (TWO, second)]
    assert (report.revision, report.commits, report.files, report.findings) == (last, 4, 3, ())


@pytest.mark.positive
def test_an_addition_has_author_time_in_utc_and_object_id(repository):
    commit(repository, ONE, GIT_AUTHOR_NAME="Zoë", GIT_AUTHOR_DATE="2026-02-03T04:05:06+0200")
    (addition,) = audited(repository).additions
    assert addition.author == "Zoë <ada@example.org>"
    assert addition.at == datetime(2026, 2, 3, 2, 5, 6, tzinfo=UTC)
    assert addition.blob == git(repository, "rev-parse", f"HEAD:{ONE}").strip()


@pytest.mark.positive
def test_a_merge_of_branches_that_only_add_is_clean(parted):
    side = git(parted, "rev-parse", "side").strip()
    merge(parted, "side")
    assert found(parted) == []
    assert (TWO, side) in commits(parted)
    assert audited(parted).files == 3


@pytest.mark.positive
def test_a_merge_of_many_branches_and_of_unrelated_histories_is_clean(parted):
    branch(parted, "third")
    commit(parted, ".jerry/events/2026-10/u/x.json")
    git(parted, "checkout", "--quiet", "--orphan", "island")
    git(parted, "rm", "--quiet", "-r", "--cached", ".")
    shutil.rmtree(parted / ".jerry")
    commit(parted, ".jerry/events/2026-09/v/y.json")
    back(parted)
    merge(parted, "side", "third")
    merge(parted, "--allow-unrelated-histories", "island")
    report = audited(parted)
    assert (report.findings, report.files) == ((), 5)


@pytest.mark.positive
def test_a_file_that_the_merge_itself_brings_is_told_with_the_merge(parted):
    merge(parted, "--no-commit", "side")
    merged = commit(parted, ".jerry/events/2026-10/u/x.json")
    assert (".jerry/events/2026-10/u/x.json", merged) in commits(parted)
    assert found(parted) == []


@pytest.mark.positive
def test_a_cherry_pick_is_counted_and_fine(parted):
    git(parted, "cherry-pick", "side")
    merge(parted, "side")
    report = audited(parted)
    assert (report.findings, report.files, report.repeated, len(report.additions)) == ((), 3, 1, 4)


@pytest.mark.positive
def test_only_the_history_of_the_revision_is_read(parted):
    git(parted, "rm", "--quiet", ONE)
    commit_all(parted, "gone")
    assert found(parted, "main") == found(parted, "HEAD") == [("event-deleted", ONE)]
    assert found(parted, "side") == found(parted, "HEAD~1") == []
    git(parted, "tag", "--annotate", "--message=v1", "v1", "side")
    assert audited(parted, "v1").revision == git(parted, "rev-parse", "side").strip()


@pytest.mark.positive
def test_a_repository_without_commits_is_clean(tmp_path):
    report = audited(make_repository(tmp_path / "tree", commit=False))
    assert (report.revision, report.commits, report.files, report.findings) == ("", 0, 0, ())


@pytest.mark.positive
def test_the_first_commit_of_all_may_carry_events(tmp_path):
    root = make_repository(tmp_path / "tree", commit=False)
    assert commit(root, ONE) == commits(root)[0][1]


@pytest.mark.positive
def test_a_linked_worktree_has_the_history_of_its_own_branch(parted, tmp_path):
    linked = tmp_path / "linked"
    git(parted, "worktree", "add", "--quiet", str(linked), "side")
    assert [path for path, _ in commits(linked)] == [ONE, TWO]


@pytest.mark.positive
def test_a_file_that_becomes_executable_is_not_altered(repository):
    commit(repository, ONE)
    (repository / ONE).chmod(0o755)
    assert commit_all(repository, "executable")
    assert "100755" in git(repository, "ls-files", "--stage", ONE)
    assert found(repository) == []


@pytest.mark.positive
def test_what_is_not_below_the_folder_of_events_may_change(repository):
    others = (".jerry/events.txt", ".jerry/eventsx/a", "events/a", "sub/.jerry/events/a", ".jerry/config.toml")
    commit(repository, ONE, *others)
    commit(repository, *others, content="changed")
    git(repository, "rm", "--quiet", *others)
    commit_all(repository, "gone")
    assert (found(repository), audited(repository).files) == ([], 1)


@pytest.mark.positive
def test_a_clone_without_contents_has_all_that_an_audit_needs(parted, tmp_path):
    git(parted, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", parted.as_uri(), "partial")
    assert [path for path, _ in commits(tmp_path / "partial")] == [ONE, OTHER]


@pytest.mark.positive
def test_every_commit_of_a_packed_repository_is_read(parted):
    before = audited(parted)
    git(parted, "gc", "--quiet")
    assert audited(parted) == before


@pytest.mark.positive
def test_a_file_that_was_modified_is_found_with_the_commit(repository):
    commit(repository, ONE)
    commit(repository, ONE, content="y", GIT_AUTHOR_NAME="Eve", GIT_AUTHOR_DATE="2026-12-24T00:00:00Z")
    commit(repository, ONE, content="x")
    one, other = audited(repository).findings
    short = git(repository, "rev-parse", "HEAD~1").strip()[:8]
    assert (one.code, other.code) == ("event-modified", "event-modified")
    assert one.message == f"was modified in {short}, by Eve <ada@example.org> on 2026-12-24"
    assert "-x" in git(repository, *one.mend.split(" ")[1:])


@pytest.mark.positive
def test_a_file_that_was_deleted_is_found_though_it_came_back(repository):
    commit(repository, ONE, TWO)
    git(repository, "rm", "--quiet", ONE)
    commit_all(repository, "gone")
    commit(repository, ONE)
    assert found(repository) == [("event-deleted", ONE)]


@pytest.mark.positive
def test_every_file_of_a_folder_that_went_is_found(repository):
    commit(repository, ONE, TWO, OTHER)
    git(repository, "rm", "--quiet", "-r", ".jerry")
    commit_all(repository, "gone")
    assert found(repository) == [("event-deleted", path) for path in (ONE, TWO, OTHER)]


@pytest.mark.positive
def test_a_file_that_was_renamed_is_gone_from_its_place(repository):
    commit(repository, ONE)
    git(repository, "mv", ONE, TWO)
    commit_all(repository, "renamed")
    assert found(repository) == [("event-deleted", ONE)]


@pytest.mark.positive
def test_a_merge_that_drops_the_events_of_a_branch_is_found(parted):
    merge(parted, "--strategy=ours", "side")
    assert found(parted) == [("event-deleted", TWO)]
    (finding,) = audited(parted).findings
    assert "deleted file" in git(parted, *finding.mend.split(" ")[1:])


@pytest.mark.positive
def test_a_merge_that_modifies_a_file_of_either_side_is_found(parted):
    merge(parted, "--no-commit", "side")
    commit(parted, TWO, OTHER, content="y")
    assert found(parted) == [("event-modified", TWO), ("event-modified", OTHER)]


@pytest.mark.positive
def test_alterations_on_a_branch_that_was_merged_are_found(parted):
    back(parted, "side")
    commit(parted, TWO, content="y")
    commit(parted, TWO, content="x")
    back(parted)
    merge(parted, "side")
    assert found(parted) == [("event-modified", TWO)] * 2


@pytest.mark.positive
def test_other_content_under_one_name_on_two_branches_is_found(parted):
    commit(parted, TWO, content="y")
    git(parted, "merge", "--quiet", "--no-edit", "-X", "ours", "side")
    assert sorted(found(parted)) == [("added-twice", TWO), ("event-modified", TWO)]


@pytest.mark.positive
@pytest.mark.parametrize("kind", ["link", "submodule", "folder"])
def test_something_else_in_the_place_of_a_file_is_found(repository, kind):
    commit(repository, ONE)
    git(repository, "rm", "--quiet", ONE)
    if kind == "folder":
        write(repository, f"{ONE}/inner", "x")
    else:
        mode, key = {
            "link": ("120000", git(repository, "rev-parse", f"HEAD:{ONE}").strip()),
            "submodule": ("160000", git(repository, "rev-parse", "HEAD").strip()),
        }[kind]
        git(repository, "update-index", "--add", "--cacheinfo", f"{mode},{key},{ONE}")
    if kind == "folder":
        git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "replaced")
    (finding,) = audited(repository).findings
    words = {"link": "a symbolic link", "submodule": "a submodule", "folder": "a folder"}
    assert (finding.code, finding.path) == ("event-replaced", ONE)
    assert finding.message.startswith(f"was replaced by {words[kind]} in ")


@pytest.mark.positive
@pytest.mark.parametrize("place", [".jerry", ".jerry/events", ".jerry/events/2026-11", ONE])
def test_a_link_that_leads_to_events_or_is_in_their_place_is_found(repository, place):
    (repository / place).parent.mkdir(parents=True, exist_ok=True)
    (repository / place).symlink_to("elsewhere")
    commit_all(repository, "a link")
    assert found(repository) == [("symbolic-link", place)]


@pytest.mark.positive
def test_events_behind_a_link_are_gone(repository):
    commit(repository, ONE)
    (repository / ".jerry").rename(repository / "elsewhere")
    (repository / ".jerry").symlink_to("elsewhere")
    commit_all(repository, "a link")
    assert found(repository) == [("symbolic-link", ".jerry"), ("event-deleted", ONE)]


@pytest.mark.positive
@pytest.mark.parametrize("place", [".jerry", ".jerry/events"])
def test_events_are_gone_where_a_file_took_their_place(repository, place):
    commit(repository, ONE)
    shutil.rmtree(repository / place)
    write(repository, place, "a file")
    commit_all(repository, "a file")
    assert found(repository) == [("event-deleted", ONE)]


@pytest.mark.positive
def test_a_replaced_commit_hides_nothing(repository):
    commit(repository, ONE)
    bad = commit(repository, ONE, content="y")
    tree = git(repository, "rev-parse", "HEAD~1^{tree}").strip()
    good = git(repository, "commit-tree", "-p", "HEAD~1", "-m", "nothing happened", tree).strip()
    git(repository, "replace", bad, good)
    assert "nothing happened" in git(repository, "log", "-1")
    assert found(repository) == [("event-modified", ONE)]
    commit(repository, OTHER)
    git(repository, "replace", "--graft", "HEAD")
    assert git(repository, "rev-list", "--count", "HEAD") == "1\n"
    assert (found(repository), audited(repository).commits) == ([("event-modified", ONE)], 4)
    assert found(repository, "HEAD~1") == [("event-modified", ONE)]


@pytest.mark.positive
def test_a_grafts_file_is_refused(repository):
    grafts = write(repository, ".git/info/grafts", git(repository, "rev-parse", "HEAD"))
    refused = refusal(repository)
    assert refused.reason == "a grafts file gives commits other parents than their own"
    assert refused.cure == f"remove {grafts}"
    grafts.write_text("")
    assert found(repository) == []


@pytest.mark.positive
def test_a_shallow_clone_and_a_worktree_of_it_are_refused(parted, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth=1", parted.as_uri(), "shallow")
    git(tmp_path / "shallow", "worktree", "add", "--quiet", str(tmp_path / "linked"))
    for root in (tmp_path / "shallow", tmp_path / "linked"):
        refused = refusal(root)
        assert refused.reason == "this clone is shallow: older history is not here"
        assert "git fetch --unshallow" in refused.cure
        assert "fetch-depth: 0" in refused.cure
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert found(tmp_path / "shallow") == []


@pytest.mark.positive
def test_a_clone_without_trees_is_refused(parted, tmp_path):
    git(parted, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=tree:0", parted.as_uri(), "partial")
    refused = refusal(tmp_path / "partial")
    assert refused.reason.startswith("the object ")
    assert "clone anew without --filter" in refused.cure


def object_file(root, revision):
    key = git(root, "rev-parse", revision).strip()
    return root / ".git" / "objects" / key[:2] / key[2:]


@pytest.mark.positive
@pytest.mark.parametrize("missing", ["HEAD~1", "HEAD~1^{tree}", "HEAD~1:.jerry/events"])
def test_a_history_with_an_object_missing_is_refused(repository, missing):
    commit(repository, ONE)
    commit(repository, TWO)
    place = object_file(repository, missing)
    place.unlink()
    refused = refusal(repository)
    assert place.name in refused.reason
    assert "git fsck" in refused.cure


@pytest.mark.positive
def test_an_object_whose_content_is_not_what_its_id_says_is_refused(repository):
    commit(repository, ONE)
    commit(repository, TWO)
    forged, old = object_file(repository, "HEAD:.jerry/events"), object_file(repository, "HEAD~1:.jerry/events")
    forged.chmod(0o644)
    forged.write_bytes(old.read_bytes())
    assert "hash" in refusal(repository).reason


def hashed(root, kind, content):
    """Write an object that git itself would not make; its id."""
    command = ["git", "hash-object", "--literally", "-t", kind, "-w", "--stdin"]
    done = subprocess.run(command, cwd=root, input=content, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.mark.positive
def test_a_tree_that_has_a_name_twice_is_refused(repository):
    commit(repository, "a", content="x")
    blob = bytes.fromhex(git(repository, "rev-parse", "HEAD:a").strip())
    tree = hashed(repository, "tree", b"100644 x\0" + blob + b"100755 x\0" + blob)
    for name in ("events", ".jerry"):
        tree = hashed(repository, "tree", b"40000 %s\0" % name.encode() + bytes.fromhex(tree))
    made = git(repository, "commit-tree", "-p", "HEAD", "-m", "twice", tree).strip()
    assert "is no proper tree" in refusal(repository, made).reason


@pytest.mark.positive
@pytest.mark.parametrize("name", ["nowhere", "HEAD~7", "HEAD:README", "-x", "", "a..b", "f" * 40, "@{u}", "HEAD@{99}"])
def test_a_revision_that_is_no_commit_is_named(repository, name):
    refused = refusal(repository, name)
    assert refused.reason == f"{name} names no commit that is here"


@pytest.mark.negative
def test_a_head_whose_commit_is_missing_is_not_taken_for_an_empty_history(repository):
    object_file(repository, "HEAD").unlink()
    with pytest.raises((CannotCheckError, GitError)):
        audited(repository)


@pytest.mark.negative
def test_a_repository_that_cannot_be_opened_is_told(repository):
    at = discover(repository)
    write(repository, ".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tunheard = true\n")
    with pytest.raises(CannotCheckError, match=r"cannot be opened: .*unheard"):
        GitAuditedHistory(Git(repository), at, "HEAD")


class Signer:
    """A throwaway ssh key, and what git must know to sign with it and to trust it."""

    def __init__(self, folder):
        self.key = folder / "key"
        self.key.with_suffix(".pub").unlink(missing_ok=True)
        self.allowed = folder / "allowed"
        command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", self.key)
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)

    def trust(self, root, who="ada@example.org"):
        self.allowed.write_text(f"{who} {self.key.with_suffix('.pub').read_text()}")
        git(root, "config", "gpg.ssh.allowedSignersFile", str(self.allowed))

    def commit(self, root, *paths):
        for path in paths:
            write(root, path, "x")
        git(root, "add", "--all")
        own = {"gpg__format": "ssh", "user__signingKey": f"{self.key}.pub"}
        git(root, "commit", "--quiet", "--gpg-sign", "--message", "signed", **settings(**own))


needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path)


def signatures(root):
    return [addition.signature for addition in audited(root).additions]


@needs_ssh
@pytest.mark.positive
def test_signatures_are_told_as_git_judges_them(repository, signer):
    signer.trust(repository)
    commit(repository, ONE)
    signer.commit(repository, TWO, OTHER)
    report = audited(repository)
    assert signatures(repository) == ["none", "good", "good"]
    assert report.by_signature == {"none": 1, "good": 1}
    assert report.findings == ()


@needs_ssh
@pytest.mark.positive
def test_a_commit_that_was_altered_after_signing_has_a_bad_signature(repository, signer):
    signer.trust(repository)
    signer.commit(repository, ONE)
    raw = git(repository, "cat-file", "commit", "HEAD").replace("signed", "altered")
    git(repository, "update-ref", "HEAD", hashed(repository, "commit", raw.encode()))
    assert signatures(repository) == ["bad"]


@needs_ssh
@pytest.mark.positive
def test_a_key_that_nobody_vouches_for_is_of_unknown_validity(repository, signer):
    signer.trust(repository)
    signer.key.unlink()
    Signer(signer.key.parent).commit(repository, ONE)
    assert signatures(repository) == ["unknown-validity"]


@needs_ssh
@pytest.mark.positive
def test_a_good_signature_is_that_of_a_listed_key_whoever_the_author_is(repository, signer):
    signer.trust(repository, "somebody@else.example.org")
    signer.commit(repository, ONE)
    assert signatures(repository) == ["good"]


@needs_ssh
@pytest.mark.positive
def test_a_signature_cannot_be_checked_without_a_list_of_signers(repository, signer):
    signer.commit(repository, ONE)
    assert signatures(repository) == ["cannot-check"]


@needs_ssh
@pytest.mark.positive
@pytest.mark.parametrize(
    "hostile",
    [{"log__showSignature": "true"}, {"format__pretty": "raw"}, {"color__ui": "always"}, {"log__decorate": "full"}],
    ids=str,
)
def test_settings_of_the_user_change_no_answer(repository, signer, hostile, monkeypatch):
    signer.trust(repository)
    signer.commit(repository, ONE)
    for name, value in settings(**hostile).items():
        monkeypatch.setenv(name, value)
    assert (signatures(repository), found(repository)) == (["good"], [])


@pytest.mark.edge
def test_a_signature_that_is_no_signature_is_told_and_stops_nothing(repository):
    commit(repository, ONE)
    head, _, rest = git(repository, "cat-file", "commit", "HEAD").partition("\n\n")
    raw = f"{head}\ngpgsig nonsense\n\n{rest}"
    git(repository, "update-ref", "HEAD", hashed(repository, "commit", raw.encode()))
    assert signatures(repository) == ["cannot-check"]


@pytest.mark.edge
@pytest.mark.parametrize(
    ("encoding", "author"),
    [("", "Zo\ufffd"), ("ISO-8859-1", "Zoë"), ("no-such-encoding", "Zo\ufffd")],
    ids=["no encoding", "an encoding", "an encoding that there is not"],
)
def test_a_commit_that_is_no_utf8_and_of_no_age_is_told(repository, encoding, author):
    commit(repository, ONE)
    tree = git(repository, "write-tree").strip().encode()
    person = b"Zo\xeb <zoe@example.org> 99999999999999 +0000"
    header = f"encoding {encoding}\n".encode() if encoding else b""
    raw = b"tree %s\nauthor %s\ncommitter %s\n%s\nGr\xf6\xdfe\n" % (tree, person, person, header)
    git(repository, "update-ref", "HEAD", hashed(repository, "commit", raw))
    (addition,) = audited(repository).additions
    assert addition.author == f"{author} <zoe@example.org>"
    assert addition.at == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.positive
def test_files_of_any_name_are_followed(repository):
    folder = ".jerry/events/2026-11/s"
    names = [os.fsdecode(b"gr\xf6\xdfe"), "two\nlines", 'quote"d', "größe"]
    commit(repository, *(f"{folder}/{name}" for name in names))
    commit(repository, f"{folder}/{names[0]}", content="y")
    assert audited(repository).files == 4
    assert found(repository) == [("event-modified", f"{folder}/{names[0]}")]


@pytest.mark.edge
def test_a_file_among_the_folders_becomes_a_folder(repository):
    commit(repository, ".jerry/events/2026-11")
    (repository / ".jerry/events/2026-11").unlink()
    commit(repository, ONE)
    assert found(repository) == [("event-replaced", ".jerry/events/2026-11")]
    assert [path for path, _ in commits(repository)] == [".jerry/events/2026-11", ONE]


@pytest.mark.edge
def test_a_tree_in_which_an_object_of_another_kind_stands_is_refused(repository):
    blob = hashed(repository, "blob", b"no tree")
    tree = hashed(repository, "tree", b"40000 .jerry\0" + bytes.fromhex(blob))
    made = hashed(
        repository,
        "commit",
        f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n".encode(),
    )
    assert "is no proper tree" in refusal(repository, made).reason


@pytest.mark.edge
def test_modes_as_old_tools_wrote_them_are_understood(repository):
    blob = hashed(repository, "blob", b"x")
    tree = hashed(repository, "tree", b"100664 x\0" + bytes.fromhex(blob))
    for name in (b"events", b".jerry"):
        tree = hashed(repository, "tree", b"040000 %s\0" % name + bytes.fromhex(tree))
    git(repository, "reset", "--quiet", "--hard", git(repository, "commit-tree", "-m", "old", tree).strip())
    commit(repository, ".jerry/events/x", content="y")
    assert found(repository) == [("event-modified", ".jerry/events/x")]
