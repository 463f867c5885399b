// The programs whose calls process 1 can answer, so that it loads no others for a call: chains, and those with a reply or a
// course. A house test holds the list to the declarations.

export const ANSWERABLE: ReadonlySet<string> = new Set([
  ..."background backtick case cd define elgetopt elgetpositionals elglob eltest emptyenv exec execline-cd execline-umask execlineb exit"
    .split(
      " ",
    ),
  ..."export export-array fdclose fdmove forbacktickx foreground forstdin forx heredoc if ifelse ifte ifthenelse import importas"
    .split(" "),
  ..."justc-envdir logutil-service logutil-service-main loopwhilex multidefine multisubstitute pipeline redirfd".split(
    " ",
  ),
  ..."runblock s6-applyuidgid s6-basename s6-connlimit s6-dirname s6-echo s6-env s6-envdir s6-envuidgid s6-false".split(
    " ",
  ),
  ..."s6-fdholder-daemon s6-instance-control s6-instance-status s6-ipcserver s6-overlay s6-setuidgid s6-softlimit s6-sudo s6-svc s6-svok"
    .split(" "),
  ..."s6-svscanctl s6-svstat s6-svwait s6-test s6-true shift tryexec umask unexport with-contenv with-contenv-legacy withstdinas"
    .split(
      " ",
    ),
]);
