//! Ansible: a role that does what `install.sh` does.

use zeroize::Zeroizing;

use super::{CA, CRL, FULL_CHAIN, FurtherFile, Hooks, Installer, KEY, ROOT_ONLY, Site, Target};

pub(super) const TARGET: Target = Target {
    name: "ansible",
    about: "Ansible: a role with the files, owner, mode, check and reload",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: ROOT_ONLY,
    unit: None,
    dest: None,
    installer: Installer::None,
    hooks: Hooks::NONE,
    settings,
    further,
    notes: "Put the directory gsec_NAME into the roles of a playbook. Its variables are in defaults/main.yml: gsec_service is the unit that is reloaded, and gsec_check the command, as a list, that must succeed before that. Encrypt the key with ansible-vault encrypt if the roles are kept in a repository.",
};

/// The role's name: letters, digits and `_` only.
fn role(site: &Site<'_>) -> String {
    // With what stands before it, the longest name that an archive takes without its extensions.
    const LONGEST: usize = 94;
    let letters = site.name.chars().take(LONGEST).map(|character| {
        if character.is_ascii_alphanumeric() {
            character.to_ascii_lowercase()
        } else {
            '_'
        }
    });
    format!("gsec_{}", letters.collect::<String>())
}

fn settings(site: &Site<'_>) -> String {
    format!(
        "# A playbook:\n- hosts: all\n  become: true\n  roles:\n    - role: {}\n      vars:\n        gsec_service: nginx\n        gsec_check: [nginx, -t]\n",
        role(site)
    )
}

fn further(site: &Site<'_>) -> Vec<FurtherFile> {
    let role = role(site);
    let mut files: Vec<FurtherFile> = site
        .files
        .iter()
        .map(|file| FurtherFile {
            path: format!("{role}/files/{}", file.name),
            secret: file.secret,
            installed: true,
            content: Zeroizing::new(file.content.to_vec()),
        })
        .collect();
    for (path, content) in [
        ("defaults/main.yml", defaults(site)),
        ("tasks/main.yml", TASKS.to_owned()),
        ("handlers/main.yml", HANDLERS.to_owned()),
    ] {
        files.push(FurtherFile::public(format!("{role}/{path}"), content));
    }
    files
}

fn defaults(site: &Site<'_>) -> String {
    let listed: String = site
        .files
        .iter()
        .map(|file| {
            let mode = if file.secret {
                format!("\"{:04o}\"", site.mode)
            } else {
                "\"0644\"".to_owned()
            };
            format!(
                "  - {{ name: !unsafe \"{}\", mode: {mode}, secret: {} }}\n",
                file.name, file.secret
            )
        })
        .collect();
    format!(
        "---\n\
         gsec_dest: !unsafe \"{}\"\n\
         gsec_owner: !unsafe \"{}\"\n\
         gsec_group: !unsafe \"{}\"\n\
         gsec_release: !unsafe \"{}\"\n\
         gsec_service: {}\n\
         gsec_check: []\n\
         gsec_files:\n{listed}",
        site.dest,
        site.owner,
        site.group,
        &site.digest[..16],
        // An empty text that is tagged comes to nothing.
        site.unit
            .map_or_else(|| "\"\"".to_owned(), |unit| format!("!unsafe \"{unit}\"")),
    )
}

/// The link changes last, and goes back where the check fails.
const TASKS: &str = r#"---
- name: Directories
  ansible.builtin.file:
    path: "{{ item }}"
    state: directory
    owner: root
    group: root
    mode: "0755"
  loop:
    - "{{ gsec_dest }}"
    - "{{ gsec_dest }}/releases"
    - "{{ gsec_dest }}/releases/{{ gsec_release }}"

- name: Files of the release
  ansible.builtin.copy:
    src: "{{ item.name }}"
    dest: "{{ gsec_dest }}/releases/{{ gsec_release }}/{{ item.name }}"
    owner: "{{ gsec_owner if item.secret else 'root' }}"
    group: "{{ gsec_group if item.secret else 'root' }}"
    mode: "{{ item.mode }}"
  loop: "{{ gsec_files }}"
  loop_control:
    label: "{{ item.name }}"
  no_log: "{{ item.secret }}"
  # In check mode the directory may not be there yet.
  ignore_errors: "{{ ansible_check_mode }}"
  notify: Reload the service

- name: What current leads to now
  ansible.builtin.stat:
    path: "{{ gsec_dest }}/current"
    get_checksum: false
  register: gsec_before

- name: Let current lead to the release
  block:
    - name: Link
      ansible.builtin.file:
        src: "releases/{{ gsec_release }}"
        dest: "{{ gsec_dest }}/current"
        state: link
        force: "{{ ansible_check_mode }}"
      notify: Reload the service
    - name: Check
      ansible.builtin.command:
        argv: "{{ gsec_check }}"
      changed_when: false
      when: gsec_check | length > 0
  rescue:
    - name: Link as before
      ansible.builtin.file:
        src: "{{ gsec_before.stat.lnk_source | default('') | regex_replace('^.*/releases/', 'releases/') }}"
        dest: "{{ gsec_dest }}/current"
        state: link
      when: gsec_before.stat.exists and gsec_before.stat.islnk
    - name: No link before
      ansible.builtin.file:
        path: "{{ gsec_dest }}/current"
        state: absent
      when: not gsec_before.stat.exists
    - name: The service refuses the files
      ansible.builtin.fail:
        msg: The check failed; nothing was reloaded, and current leads where it led before.
"#;

const HANDLERS: &str = r#"---
- name: Reload the service
  ansible.builtin.systemd_service:
    name: "{{ gsec_service }}"
    state: reloaded
  when: gsec_service | length > 0
"#;
