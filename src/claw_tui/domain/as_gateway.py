"""How a command is started in the machine so that it is like one of the gateway's own: as its user, with what it knows."""

from __future__ import annotations

from collections.abc import Sequence

from claw_tui.domain.spec import STATE_DIR

# The gateway's settings and secrets are copied from its process to the command's, inside the machine: they are in no
# argument and in no answer. Where no gateway runs, it is what the machine gives us, with the state's folder.
# Only double quotation marks: each level of quoting on the way is one that somebody could read otherwise.
PROGRAM = (
    'const fs=require("fs"),{spawn}=require("child_process"),own=process.env,env={...own};'
    'for(const p of fs.readdirSync("/proc")){if(!(p>0)||p==process.pid)continue;let t="";'
    'try{t=fs.readFileSync("/proc/"+p+"/environ","utf8")}catch{continue}'
    'if(!t.includes("OPENCLAW_GATEWAY_TOKEN=")&&!t.includes("OPENCLAW_GATEWAY_PASSWORD="))continue;'
    'for(const l of t.split(String.fromCharCode(0))){const i=l.indexOf("=");if(i>0)env[l.slice(0,i)]=l.slice(i+1)}break}'
    f'env.OPENCLAW_STATE_DIR||="{STATE_DIR}";env.HOME="/home/node";'
    "if(process.stdout.isTTY)env.TERM=own.TERM;else env.NO_COLOR=1;"
    'const c=spawn(process.argv[1],process.argv.slice(2),{env,stdio:"inherit",uid:1000,gid:1000});'
    'process.on("SIGINT",()=>{});for(const s of ["SIGTERM","SIGHUP"])process.on(s,()=>c.kill(s));'
    'c.on("error",e=>{console.error(String(e));process.exit(127)});'
    'c.on("exit",(n,s)=>process.exit(n??128+require("os").constants.signals[s]))'
)


def as_gateway(words: Sequence[str]) -> tuple[str, ...]:
    """The whole command line, word by word."""
    return ("node", "-e", PROGRAM, "--", *words)
